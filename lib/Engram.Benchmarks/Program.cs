using Engram;
using Engram.Benchmarks;

TorchNatives.Load();
var arguments = args.ToHashSet();
if (arguments.Contains("--help"))
{
    Console.WriteLine("engram-benchmarks [--no-peer] [--growth] [--leaks] [NAME…]: the table, or the given lines of it; or growth; or leaks.");
    return 0;
}

if (arguments.Contains("--growth")) return Growth.Run();
if (arguments.Contains("--leaks")) return Leaks.Run();
var names = args.Where(argument => !argument.StartsWith('-')).ToHashSet();
return Table.Run(names, peer: !arguments.Contains("--no-peer"));
