"""What looks into an uploaded file, in a process of its own that may do next to nothing.

The modules in here import neither Django nor anything else of the portal: the process is started
for every file, and whatever it could reach, a hostile file could reach. They import each other
relatively, because in that process this package stands alone.
"""
