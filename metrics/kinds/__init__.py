"""Kinds of statistic: each turns a whole frame of cells into value, lower, upper, numerator and denominator."""
