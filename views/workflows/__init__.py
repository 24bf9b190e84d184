"""Work requests and the content check on screen."""
