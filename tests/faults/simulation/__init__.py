"""The whole bot in one process, with time, chance, network and disk in the hand of a seed.

`loop` lets days pass in moments, `disk` is SQLite that can fail or be left at any commit, `line` is the
way to a Bot API in the same process, `people` live there, `life` runs the bot through its deaths, and
`judge` says afterwards what was lost, repeated or told to the wrong person.
"""
