"""Which ways lead to every page there is? Each tour goes one of them and looks at what it meets."""
