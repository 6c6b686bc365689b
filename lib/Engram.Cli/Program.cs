Console.WriteLine("engram");
