"""Reference answers of 01_rectangle."""

# exercise: rectangle
# area: a number. diagonal: a number.
area = 3 * 4
diagonal = (3**2 + 4**2) ** 0.5
