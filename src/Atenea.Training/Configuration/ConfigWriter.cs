using System.Text;

namespace Atenea.Training;

/// <summary>Writes a config complete: every key with its value and what it means. Reading it back gives the same config.</summary>
public static class ConfigWriter
{
    /// <summary>The config as YAML with comments.</summary>
    /// <param name="config">The config.</param>
    /// <param name="heading">Comment lines for the top, or null.</param>
    public static string Write(RunConfig config, string? heading = null)
    {
        var yaml = new StringBuilder();
        foreach (string line in heading?.Split('\n') ?? []) yaml.Append("# ").Append(line).Append('\n');
        foreach ((string section, string comment) in ConfigSchema.Sections)
        {
            if (yaml.Length > 0) yaml.Append('\n');
            yaml.Append("# ").Append(comment).Append('\n');
            if (section.Length > 0) yaml.Append(section).Append(":\n");
            string indent = section.Length > 0 ? "  " : "";
            foreach (ConfigKey key in ConfigSchema.Keys.Where(k => k.Section == section))
            {
                yaml.Append(indent).Append("# ").Append(key.Comment).Append('\n');
                yaml.Append(indent).Append(key.Name).Append(": ").Append(key.Format(config)).Append('\n');
            }
        }

        return yaml.ToString();
    }
}
