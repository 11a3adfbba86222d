@node "%~dp0serve.cjs" docker %*
