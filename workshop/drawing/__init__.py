"""What pictures are drawn with: a canvas, and the look that all of them share."""
