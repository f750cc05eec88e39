"""The bot in a simulated Discord, in the browser, without a token; never imported by `run`."""
