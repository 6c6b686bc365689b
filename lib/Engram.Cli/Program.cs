using System.Globalization;
using Engram.Cli;

// Numbers and order as the texts print them, wherever the reader lives; a cell may ask for its own culture.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

ProcessTerminal.Leave();
return await EngramProgram.RunAsync(args, CliConsole.System());
