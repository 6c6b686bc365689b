using Engram;
using Engram.Benchmarks;

TorchNatives.Load();
var arguments = args.ToHashSet();
if (arguments.Contains("--help"))
{
    Console.WriteLine("engram-benchmarks [--no-peer] [NAME…] | --growth [K|Y|B|D] | --leaks: the table, or the given lines of it; or growth, of all or of one variable; or leaks.");
    return 0;
}

if (arguments.Contains("--growth")) return Growth.Run(args.FirstOrDefault(argument => !argument.StartsWith('-')));
if (arguments.Contains("--leaks")) return Leaks.Run();
var names = args.Where(argument => !argument.StartsWith('-')).ToHashSet();
if (names.Except(Workloads.All.Select(workload => workload.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"No line is named {unknown}; there are {string.Join(", ", Workloads.All.Select(workload => workload.Name))}.");
    return 2;
}

return Table.Run(names, peer: !arguments.Contains("--no-peer"));
