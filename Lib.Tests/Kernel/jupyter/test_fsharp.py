"""Jupyter's own tests of a kernel, every optional section switched on, for F#."""
import unittest

import jupyter_kernel_test as jkt
from dates import Dates


class FSharp(Dates, jkt.KernelTests):
    kernel_name = ".net-fsharp"
    language_name = "F#"
    file_extension = ".fs"
    code_hello_world = 'printfn "hello, world"'
    code_stderr = 'eprintfn "careful"'
    completion_samples = [
        {"text": "Math.Sq", "matches": {"Sqrt"}},
        {"text": "List.partitionW", "matches": {"partitionWith"}},
    ]
    complete_code_samples = ["1", "let x = 1", "let f n =\n    n + 1\n", 'printfn "hello"']
    incomplete_code_samples = ["let f n =", "if true then", "List.map (fun x ->", 'let s = """']
    invalid_code_samples = ["let 1x = 2", ")", "let x = 1 }"]
    code_page_something = "?List.map"
    code_generate_error = 'failwith "wanted"'
    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "List.sum [ 1; 2 ]", "result": "3"},
        {"code": "6 * 7", "result": "42"},
    ]
    code_display_data = [
        {"code": 'HTML("<b>bold</b>").Display() |> ignore', "mime": "text/html"},
        {"code": "display 42 |> ignore", "mime": "text/plain"},
    ]
    code_history_pattern = "1?+*2"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "List.map"
    code_clear_output = "Kernel.ClearOutput()"


if __name__ == "__main__":
    unittest.main()
