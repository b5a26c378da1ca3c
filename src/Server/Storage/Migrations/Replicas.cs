using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>Which server process a call or an import runs on, and which servers may use the database. PostgreSQL's first schema.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0007_replicas")]
internal sealed class Replicas : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0007_replicas");
}
