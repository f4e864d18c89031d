"""A failure in time, at the reader's own pace."""
