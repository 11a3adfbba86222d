@node "%~dp0serve.cjs" azuredevops %*
