"""The dialogs: one file a screen, each lying over the screen that asked, and answering it."""
