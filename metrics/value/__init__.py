"""What it costs and what it is worth: break-even, cost and benefit, and how sure they are."""
