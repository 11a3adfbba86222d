@echo off
rem The Pulumi engine starts this and reads a port from its output. See main.ts.
cd /d "%~dp0"
node --require @genaiops/typescript "%~dp0main.ts" %*
