// Whoever reads messages reads the names and numbers in them, which stand in a room of their own because the language has them, too.
@_exported public import KrunProtocol
