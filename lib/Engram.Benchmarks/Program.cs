using Engram;
using Engram.Benchmarks;

var arguments = args.ToHashSet();
if (arguments.Contains("--help"))
{
    Console.WriteLine(
        """
        engram-benchmarks [NAME…] [--no-peer] [--peer-as-installed]   the table, or the given lines of it, beside PyTorch where there is
                          [--rounds=1] [--cuda]                       one; it keeps freed memory, or is as it was installed; the best of
                                                                      several rounds; on the CPU, or on a CUDA device
        engram-benchmarks --growth [K|Y|B|D]                          time and memory as sizes grow, all or one of them
        engram-benchmarks --leaks                                     whether memory stays flat
        engram-benchmarks --kernels [PREFIX] [--rounds=1]             the Jupyter kernels, installed there or for this user, beside ipykernel
        """);
    return 0;
}

var rounds = args.LastOrDefault(argument => argument.StartsWith("--rounds="))?["--rounds=".Length..] ?? "1";
if (!int.TryParse(rounds, out var count) || count < 1)
{
    Console.Error.WriteLine($"--rounds is '{rounds}'; a whole number from 1 is wanted.");
    return 2;
}

var named = args.FirstOrDefault(argument => !argument.StartsWith('-'));
if (arguments.Contains("--kernels")) return Kernels.Run(count, named);
TorchNatives.Load();
if (arguments.Contains("--cuda"))
{
    if (Devices.WhyNotCuda is { } reason)
    {
        Console.Error.WriteLine(reason);
        return 2;
    }

    Workloads.Device = Devices.Best;
}

if (arguments.Contains("--growth")) return Growth.Run(named);
if (arguments.Contains("--leaks")) return Leaks.Run();
var names = args.Where(argument => !argument.StartsWith('-')).ToHashSet();
if (names.Except(Workloads.All.Select(workload => workload.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"No line is named {unknown}; there are {string.Join(", ", Workloads.All.Select(workload => workload.Name))}.");
    return 2;
}

return Table.Run(names, !arguments.Contains("--no-peer"), arguments.Contains("--peer-as-installed"), count);
