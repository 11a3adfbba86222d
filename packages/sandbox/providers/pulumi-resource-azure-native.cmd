@node "%~dp0serve.cjs" azure-native %*
