"""Which of a router's addresses still answer."""
