"""What Folkmoot costs, beside bare Bolt: whole processes, in one run on one machine, told as ratios (`make bench`)."""
