Console.WriteLine("atenea");
