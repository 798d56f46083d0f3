"""Which rows could nobody understand yet, and what becomes of them: tried again, or set aside with a reason?"""
