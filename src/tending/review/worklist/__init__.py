"""What needs me today, and how are the people I support?"""
