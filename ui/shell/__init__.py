"""The frame around the pages: window, rail, header, status line, start screens."""
