"""What all languages share. It holds no name of any of them."""
