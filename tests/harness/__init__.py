"""What the checks of all chapters share. One module for each noun; a check imports what it needs by name."""
