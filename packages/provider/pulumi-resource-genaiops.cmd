@echo off
rem The Pulumi engine starts this and reads a port from its output. See main.ts.
cd /d "%~dp0"
node --require tsx/cjs "%~dp0main.ts" %*
