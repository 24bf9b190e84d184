"""Tables as other systems export them, invented: what a first mapping proposes of them is measured (S3)."""
