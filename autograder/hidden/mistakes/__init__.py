"""How known mistakes are written down, and what recognises them however they are written."""
