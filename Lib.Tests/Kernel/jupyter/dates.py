"""What Jupyter's own tests of a kernel leave out."""
import datetime


class Dates:
    """Mixed into the tests of a kernel."""

    def test_dates(self):
        """Jupyter's client reads the dates of messages as dates."""
        self.flush_channels()
        reply, output = self.execute_helper(code="1 + 1")
        for message in (reply, *output):
            self.assertIsInstance(message["header"]["date"], datetime.datetime)
