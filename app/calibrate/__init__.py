"""`iom calibrate`: does each interval hold the truth as often as it says, and each test cry wolf as seldom?"""
