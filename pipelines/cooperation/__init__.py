"""How many customers two houses share, told without either showing the other a name, a number or a mailbox."""
