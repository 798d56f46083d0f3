"""What is known to be so about a generated provider: the parameters, and what chance made of them."""


def truth(state, frames, twice, wrong, *, seed, today, months):
    return {}
