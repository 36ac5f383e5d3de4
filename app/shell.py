"""The shell of the dashboard: its pages within the frame (app/frame.py), and nothing that opens the store."""

from app import frame

frame.begin()
frame.show()
