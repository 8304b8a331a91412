"""From frames to records that may leave the environment. stages.py lists the steps in order."""
