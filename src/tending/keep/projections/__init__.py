"""What holds now? base.people, worked out again from the versions wherever one of them changed."""
