"""What only the real server shows: gunicorn with two processes, asked over sockets."""
