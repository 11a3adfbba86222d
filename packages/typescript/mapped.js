// Stands for `source-map-support/register`: nothing is left to register, because Node maps our stack traces itself.
