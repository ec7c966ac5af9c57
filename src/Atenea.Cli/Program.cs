return Atenea.Cli.Application.Run(args);
