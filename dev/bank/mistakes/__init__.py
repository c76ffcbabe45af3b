"""Wrong versions of the steps, such as people really write."""
