@node "%~dp0serve.cjs" azureNative %*
