"""What every screen needs: the frame, cells, words, icons, papers that leave."""
