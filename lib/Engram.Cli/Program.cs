using Engram.Cli;

return await EngramProgram.RunAsync(args, CliConsole.System());
