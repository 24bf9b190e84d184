"""Operating the panel: what spans all rooms and no screen shows."""
