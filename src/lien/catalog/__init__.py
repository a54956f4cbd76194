"""The bundled knowledge: compiling the files of `graphs/`, and looking things up in the result."""
