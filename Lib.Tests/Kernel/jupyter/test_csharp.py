"""Jupyter's own tests of a kernel, every optional section switched on, for C#."""
import unittest

import jupyter_kernel_test as jkt
from dates import Dates


class CSharp(Dates, jkt.KernelTests):
    kernel_name = ".net-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("careful");'
    completion_samples = [
        {"text": "Math.Sq", "matches": {"Sqrt"}},
        {"text": "Console.WriteL", "matches": {"WriteLine"}},
    ]
    complete_code_samples = ["1", "var x = 1;", "int F(int n) { return n; }", 'Console.WriteLine("hello");']
    incomplete_code_samples = ["int F(int n) {", "if (true) {", "var s = \"\"\"", "Math.Max(1,"]
    invalid_code_samples = ["int 1x = 2;", ")", "var x = 1; }"]
    code_page_something = "?Console.WriteLine"
    code_generate_error = 'throw new InvalidOperationException("wanted")'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "new[] { 1, 2 }.Sum()", "result": "3"},
        {"code": "6 * 7", "result": "42"},
    ]
    code_display_data = [
        {"code": 'HTML("<b>bold</b>").Display();', "mime": "text/html"},
        {"code": "display(42);", "mime": "text/plain"},
    ]
    code_history_pattern = "1?+*2"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Console.WriteLine"
    code_clear_output = "ClearOutput();"


if __name__ == "__main__":
    unittest.main()
