select held_for_funds()
