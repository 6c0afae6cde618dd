"""Writing a proposal, step by step, with its annexes."""

urlpatterns: list = []
